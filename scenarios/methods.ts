/** How each kind of number in a result was made. */
export const methods: Readonly<Record<string, string>> = {
  messages: 'Counted over the whole run, warm-up and drain included: the account balances only as a whole.',
  throughput: 'Handlings that succeeded within the measured phase, per second of it; interval: batch means over 20 batches of windows, 95 %, Student t.',
  utilisation: 'Time average of busy servers over the measured phase, by the servers there should be (a crashed worker counts as not busy).',
  meanInSystem: 'Time average over the measured phase. Queue: ready and in flight. Group: ready in its queue (its share of them by what it handles, where several groups read it), on the way to it, and in its hands until the handling ends.',
  latency: 'Of messages published within the measured phase, whenever they were handled; of the first handling that took effect. Waiting: stored to start of service. Sojourn: first publish to end of successful handling.',
  percentiles: 'Order statistic ceil(q n) from a log-bucketed histogram, relative error at most 0.4 %; least and greatest value are exact.',
  interval: 'Mean latency: 20 batches by time of publishing, each weighed by its messages (ratio estimator), 95 %, Student t with one degree of freedom less than batches. It describes this run, faults included, not other seeds.',
  series: 'Windows of equal width over the whole run; latencies belong to the window in which the handling ended.',
  predictions: 'Each queue with its readers as a model of queueing theory, from the settings alone. Intervals of the simulated values: 99 %, Student t, by batch means. Throughput and utilisation: 20, 10 or 5 batches of at least ten relaxation times of the model. Means: 10 batches of at least 20 relaxation times (of waiting: of time in which somebody waits), symmetric for the reciprocal. Percentiles: the interval of the share beyond, read off all observations (Woodruff 1952), from 10 such batches with 1.5 relaxation times beyond the percentile each. A run too short for that has none. A value agrees when the prediction lies in the interval, widened by the tolerance that stands beside it; an interval wider than its value tells nothing. One true value in a hundred lies outside by chance.',
  chains: 'Moves of copies counted by the ledger over the whole run, by how often a copy had been delivered; Wilson intervals, 99 %. The predicted chain follows from the settings while nothing goes wrong; both are solved as absorbing Markov chains.',
  lifecycles: 'The chain of the life cycle solved in the long run, and by uniformisation over just the measured phase; observed: share of the time, over all individuals. Intervals by batch means, 99 %.',
};
