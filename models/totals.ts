/** What is counted over a whole run. */
export interface Totals {
  published: number; confirmed: number; refused: number; unknown: number;
  /** Messages of which every branch so far took effect; when a further branch begins, its message waits for that again. */
  handled: number;
  /** Whose publisher never learnt whether they were stored, and that took effect all the same. */
  recovered: number;
  /** Duplicates are effects beyond the first of their branch. */
  effects: number; duplicates: number; deduplicated: number;
  sent: number; attemptsStored: number; attemptsRefused: number;
  stored: number; acknowledged: number; deadLettered: number; rewound: number;
  deliveries: number; redelivered: number; deliveriesLost: number; leasesExpired: number; lateAcknowledgements: number;
}

export function noTotals(): Totals {
  return {
    published: 0, confirmed: 0, refused: 0, unknown: 0, handled: 0, recovered: 0, effects: 0, duplicates: 0, deduplicated: 0,
    sent: 0, attemptsStored: 0, attemptsRefused: 0, stored: 0, acknowledged: 0, deadLettered: 0, rewound: 0,
    deliveries: 0, redelivered: 0, deliveriesLost: 0, leasesExpired: 0, lateAcknowledgements: 0,
  };
}
