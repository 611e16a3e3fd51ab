import type { TheoryModel } from '../theory-model.ts';

export const networksModels: readonly TheoryModel[] = [];
