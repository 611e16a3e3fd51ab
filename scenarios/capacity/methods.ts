/** How each kind of number in a capacity result was made. */
export const capacityMethods: Readonly<Record<string, string>> = {
  stations: 'Offered load: arrival rate by mean service time, from the settings; utilisation: that by the number of servers. What occupies a server is the work, repeated where handlings fail, and the ways to and from the broker where a worker holds no more than it works on. Saturated at: the load at which utilisation is 1.',
  simulation: 'Independent replications, each with a seed of its own; the same seeds at every point (common random numbers). Intervals: 95 %, Student t over replications. Warm-up is at least eight relaxation times of the slowest station, as far as that is no longer than what is measured.',
  objectives: 'Simulated value: mean over replications of what a run gives for the objective. Predicted until: the greatest load at which the model of the station meets it, by bisection.',
  staffing: 'The least number by theory, found by doubling and halving, then simulated there and one below; where the two disagree, the number is moved by one until simulation confirms it.',
  knee: 'The load at which throughput by mean sojourn time is greatest (Kleinrock 1979), on the predicted curve.',
  outages: 'Fluid model: backlog grows by the arrival rate while nothing is handled, and shrinks by what is left of the capacity afterwards. Simulated: a crash of that length in the middle of a calm run; drained when the mean of a window is no higher than that of the fullest window before the outage.',
};
