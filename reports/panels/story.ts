import type { Panel } from '../panel.ts';
import { storyBlocks } from '../story-blocks.ts';

export const story: Panel = {
  id: 'story',
  title: 'The life of a message that broke a claim',
  question: 'What happened to it, who had a part in that, and at which moment was the first claim broken?',
  render: (result) => (result.story === undefined ? [] : storyBlocks(result.story)),
};
