import type { TheoryModel } from '../theory-model.ts';

export const generalServiceModels: readonly TheoryModel[] = [];
