import { z } from 'zod';
import type { RandomStream } from '../../sim/random.ts';
import type { Nanos } from '../../sim/units.ts';
import { type LossLaw, retriesMax } from '../link.ts';
import { probability } from '../settings.ts';
import { anybody, type FaultModel, faultSchema } from './fault.ts';
import { between, turn, wayFields } from './ways.ts';

const gilbertElliott = z.strictObject({
  p: probability().describe('From good to bad, at each packet.'),
  r: probability().describe('From bad to good, at each packet.'),
  h: probability().default(0).describe('That a packet gets through while it is bad.'),
  k: probability().default(1).describe('That a packet gets through while it is good.'),
});

const schema = faultSchema('loss', 'Packets between two sets of nodes are lost: over TCP that is delay, of the packet and of all behind it, and in the end of the connection.', {
  ...wayFields,
  share: probability().default(0.2).describe('Of packets that are lost, in the long run.'),
  correlation: probability().default(0.75).describe('Of the fate of a packet with that of the one before.'),
  chain: gilbertElliott.optional().describe('Of Gilbert and Elliott, instead of share and correlation.'),
});
type Spec = z.output<typeof schema>;

/**
 * A frame is one packet. One that is lost is sent again after the retransmission timer (`network.connection.retransmit`, doubled each
 * time up to 120 s), and what is behind it waits: a stream loses nothing from its midst. After 15 losses in a row TCP gives up.
 * Packets are lost by a chain of two states, as netem has it (tc-netem(8): `loss gemodel p r 1-h 1-k`): with share s and correlation c a packet
 * after a lost one is lost with s + c (1 − s), and another with s (1 − c).
 */
export const loss: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: ({ share, chain }) => (chain === undefined ? `loss of ${Number((share * 100).toPrecision(3))} %` : 'loss in bursts'),
  target: between,
  counts: 'connections that lose packets',
  begin({ world }, spec, strike) {
    turn(spec, strike, (suffix, scope) => world.network.paths.lose(`${strike.draws}${suffix}`, strike.id, scope, (draws) => lossLaw(chainOf(spec), draws, strike.until)));
  },
  end({ world }, _spec, strike) {
    for (const suffix of ['>', '<']) world.network.paths.turnBack(`${strike.draws}${suffix}`);
  },
};

type Chain = z.output<typeof gilbertElliott>;

function chainOf({ share, correlation, chain }: Spec): Chain {
  return chain ?? { p: share * (1 - correlation), r: (1 - share) * (1 - correlation), h: 0, k: 1 };
}

/** It begins as it is in the long run. */
function lossLaw({ p, r, h, k }: Chain, draws: RandomStream, until: Nanos): LossLaw {
  let isBad = draws.double() < (p + r > 0 ? p / (p + r) : 0);
  const isLost = (): boolean => {
    const lost = draws.double() >= (isBad ? h : k);
    isBad = draws.double() < (isBad ? 1 - r : p);
    return lost;
  };
  return (sentAgainAt) => {
    let losses = 0;
    // What is sent when the fault is over gets through.
    while (losses <= retriesMax && sentAgainAt(losses) < until && isLost()) losses++;
    return losses;
  };
}
