import type { TheoryModel } from '../theory-model.ts';
import { phaseTypeQueueModels } from './phase-type-queue.ts';

export const generalServiceModels: readonly TheoryModel[] = [...phaseTypeQueueModels];
