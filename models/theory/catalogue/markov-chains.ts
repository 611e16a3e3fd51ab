import type { TheoryModel } from '../theory-model.ts';

export const markovChainsModels: readonly TheoryModel[] = [];
