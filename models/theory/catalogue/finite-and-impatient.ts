import type { TheoryModel } from '../theory-model.ts';

export const finiteAndImpatientModels: readonly TheoryModel[] = [];
