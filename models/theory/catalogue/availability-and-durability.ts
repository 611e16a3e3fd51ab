import type { TheoryModel } from '../theory-model.ts';

export const availabilityAndDurabilityModels: readonly TheoryModel[] = [];
