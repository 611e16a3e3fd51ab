import type { TheoryModel } from '../theory-model.ts';

export const backlogModels: readonly TheoryModel[] = [];
