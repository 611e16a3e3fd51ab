import type { TheoryModel } from '../theory-model.ts';

export const redeliveryAndRetriesModels: readonly TheoryModel[] = [];
