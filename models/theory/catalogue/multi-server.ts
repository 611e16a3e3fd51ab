import type { TheoryModel } from '../theory-model.ts';

export const multiServerModels: readonly TheoryModel[] = [];
