import type { TheoryModel } from '../theory-model.ts';

export const batchesModels: readonly TheoryModel[] = [];
