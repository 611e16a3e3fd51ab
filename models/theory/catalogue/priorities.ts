import type { TheoryModel } from '../theory-model.ts';

export const prioritiesModels: readonly TheoryModel[] = [];
