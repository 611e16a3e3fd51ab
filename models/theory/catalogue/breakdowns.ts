import type { TheoryModel } from '../theory-model.ts';

export const breakdownsModels: readonly TheoryModel[] = [];
