/*
 * The yardstick: what a general event engine in C needs for the workloads that bench.mjs measures.
 *
 * It is general in the ways that matter for a fair ratio: events are records in a 4-ary heap, ties keep the order of
 * scheduling, and every event is dispatched through a table of functions. It has no ledger, no faults and no
 * fingerprint; exponential times come from a ziggurat and latencies go to a logarithmic histogram.
 *
 *   yardstick mm1|mm10|queue COUNT
 *   yardstick hold COUNT PENDING
 *
 * Prints one line of JSON. Build with: cc -O3 -march=native -o yardstick yardstick.c -lm
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* ---------------------------------------------------------------- memory */

static void *grow(void *block, size_t count, size_t size) {
  void *bigger = realloc(block, count * size);
  if (bigger == NULL) {
    fprintf(stderr, "yardstick: out of memory\n");
    exit(1);
  }
  return bigger;
}

/* ---------------------------------------------------------------- random numbers: xoshiro256+ (Blackman, Vigna) */

static uint64_t lane0 = 0x180ec6d33cfd0abaULL, lane1 = 0xd5a61266f0c9392cULL, lane2 = 0xa9582618e03fc9aaULL, lane3 = 0x39abdc4529b1661cULL;

static inline uint64_t random_bits(void) {
  uint64_t result = lane0 + lane3, shifted = lane1 << 17;
  lane2 ^= lane0;
  lane3 ^= lane1;
  lane1 ^= lane2;
  lane0 ^= lane3;
  lane2 ^= shifted;
  lane3 = (lane3 << 45) | (lane3 >> 19);
  return result;
}

static inline double random_unit(void) { return (double)(random_bits() >> 11) * 0x1p-53; }

/*
 * Exponential with mean 1 by the ziggurat of Marsaglia and Tsang (2000): 256 strips of equal area under exp(-x).
 * Strip 0 is the base with the tail beyond `tail_start`; `edge[i]` falls from strip to strip.
 */
enum { STRIPS = 256 };
static const double tail_start = 7.69711747013104972, strip_area = 3.9496598225815571993e-3;
static double edge[STRIPS + 1], height[STRIPS + 1], strip_scale[STRIPS];
static uint64_t surely_inside[STRIPS];

static void prepare_exponential(void) {
  edge[0] = strip_area / exp(-tail_start);
  edge[1] = tail_start;
  for (int i = 2; i < STRIPS; i++) edge[i] = -log(strip_area / edge[i - 1] + exp(-edge[i - 1]));
  edge[STRIPS] = 0;
  for (int i = 0; i <= STRIPS; i++) height[i] = exp(-edge[i]);
  for (int i = 0; i < STRIPS; i++) {
    strip_scale[i] = edge[i] * 0x1p-53;
    surely_inside[i] = (uint64_t)(edge[i + 1] / edge[i] * 0x1p53);
  }
}

static double exponential_edge(unsigned strip, double x);

static inline double exponential(void) {
  uint64_t bits = random_bits();
  unsigned strip = (bits >> 3) & (STRIPS - 1);
  uint64_t mantissa = bits >> 11;
  double x = (double)mantissa * strip_scale[strip];
  return __builtin_expect(mantissa < surely_inside[strip], 1) ? x : exponential_edge(strip, x);
}

static double exponential_edge(unsigned strip, double x) {
  if (strip == 0) return tail_start - log1p(-random_unit());
  double y = height[strip] + random_unit() * (height[strip + 1] - height[strip]);
  return y < exp(-x) ? x : exponential();
}

/* ---------------------------------------------------------------- histogram: 128 buckets for each power of two */

enum { BUCKET_BITS = 7, BUCKETS = 2048 << BUCKET_BITS };
static uint32_t bucket[BUCKETS];
static uint64_t observed;
static double total;

static inline void observe(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bucket[bits >> (52 - BUCKET_BITS)]++;
  observed++;
  total += value;
}

static double quantile(double share) {
  uint64_t wanted = (uint64_t)ceil(share * (double)observed), passed = 0;
  for (uint64_t i = 0; i < BUCKETS; i++) {
    passed += bucket[i];
    if (passed < wanted) continue;
    uint64_t bits = i << (52 - BUCKET_BITS);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  return NAN;
}

/* ---------------------------------------------------------------- event list: a 4-ary heap, earliest first */

typedef struct {
  double time;
  uint32_t order, kind, operand;
} event;

typedef void (*handler)(uint32_t operand);

static event *heap;
static uint32_t pending, capacity, scheduled;
/* The root was taken and not yet replaced: the next event scheduled goes there, which saves moving the last one up. */
static int root_is_free;
static handler handlers[8];
static double now;
static uint64_t handled;

static inline int precedes(const event *one, const event *other) {
  return one->time < other->time || (one->time == other->time && (int32_t)(one->order - other->order) < 0);
}

static inline void settle_from_root(event moving) {
  uint32_t hole = 0;
  for (;;) {
    uint32_t child = 4 * hole + 1;
    if (child >= pending) break;
    uint32_t least = child, end = child + 4 < pending ? child + 4 : pending;
    while (++child < end) {
      if (precedes(&heap[child], &heap[least])) least = child;
    }
    if (!precedes(&heap[least], &moving)) break;
    heap[hole] = heap[least];
    hole = least;
  }
  heap[hole] = moving;
}

static inline void schedule(double time, uint32_t kind, uint32_t operand) {
  event fresh = {time, scheduled++, kind, operand};
  if (root_is_free) {
    root_is_free = 0;
    settle_from_root(fresh);
    return;
  }
  if (pending == capacity) {
    capacity = capacity ? 2 * capacity : 256;
    heap = grow(heap, capacity, sizeof *heap);
  }
  uint32_t hole = pending++;
  while (hole > 0) {
    uint32_t parent = (hole - 1) / 4;
    /* What is newer never precedes at the same time, so the times alone decide. */
    if (!(fresh.time < heap[parent].time)) break;
    heap[hole] = heap[parent];
    hole = parent;
  }
  heap[hole] = fresh;
}

static inline int take_earliest(event *into) {
  if (root_is_free) {
    root_is_free = 0;
    if (--pending > 0) settle_from_root(heap[pending]);
  }
  if (pending == 0) return 0;
  *into = heap[0];
  root_is_free = 1;
  return 1;
}

static void run(void) {
  event next;
  while (take_earliest(&next)) {
    now = next.time;
    handled++;
    handlers[next.kind](next.operand);
  }
}

/* ---------------------------------------------------------------- M/M/c: one line, c servers, utilisation 0.9 */

enum { ARRIVAL, DEPARTURE };
static uint64_t wanted, created;
static uint32_t free_servers;
static double arrival_rate;
static double *line; /* when each waiting customer came */
static uint32_t line_mask, line_head, line_tail;

static void line_join(double time) {
  if (line_tail - line_head > line_mask) {
    uint32_t size = line_mask + 1;
    line = grow(line, 2 * (size_t)size, sizeof *line);
    /* The part that had wrapped around now continues after the old end. */
    for (uint32_t i = 0; i < size; i++) line[size + i] = line[i];
    line_mask = 2 * size - 1;
  }
  line[line_tail++ & line_mask] = time;
}

static void on_arrival(uint32_t unused) {
  (void)unused;
  if (free_servers > 0) {
    free_servers--;
    observe(0);
    schedule(now + exponential(), DEPARTURE, 0);
  } else {
    line_join(now);
  }
  if (++created < wanted) schedule(now + exponential() / arrival_rate, ARRIVAL, 0);
}

static void on_departure(uint32_t unused) {
  (void)unused;
  if (line_head == line_tail) {
    free_servers++;
    return;
  }
  observe(now - line[line_head++ & line_mask]);
  schedule(now + exponential(), DEPARTURE, 0);
}

static void mmc(uint32_t servers) {
  free_servers = servers;
  arrival_rate = 0.9 * servers;
  line_mask = 255;
  line = grow(NULL, line_mask + 1, sizeof *line);
  handlers[ARRIVAL] = on_arrival;
  handlers[DEPARTURE] = on_departure;
  schedule(exponential() / arrival_rate, ARRIVAL, 0);
  run();
}

/* ---------------------------------------------------------------- the work queue, times in ms
 * 4 producers of 0.175 messages per ms; one queue; 8 consumers that hold one message each; a delivery and an
 * acknowledgement take 1 ms each, handling is exponential with mean 8 ms, one handling in a hundred fails and its
 * message goes back to the head of the queue. A message is measured from its publish to its acknowledgement.
 */

enum { PUBLISH, DELIVERY, DONE, SETTLEMENT };
enum { PRODUCERS = 4, CONSUMERS = 8 };

typedef struct {
  double published;
  uint32_t deliveries, next_free;
} message;

static message *messages;
static uint32_t message_capacity, first_free = UINT32_MAX;
static uint32_t *ready, ready_mask, ready_head, ready_tail;
static uint32_t idle[CONSUMERS], idle_head, idle_tail;
static uint32_t held_by[CONSUMERS];
static uint8_t handling_failed[CONSUMERS];
static uint64_t acknowledged, redelivered;

static uint32_t message_create(void) {
  if (first_free == UINT32_MAX) {
    uint32_t from = message_capacity;
    message_capacity = from ? 2 * from : 256;
    messages = grow(messages, message_capacity, sizeof *messages);
    for (uint32_t i = from; i < message_capacity; i++) messages[i].next_free = i + 1 < message_capacity ? i + 1 : UINT32_MAX;
    first_free = from;
  }
  uint32_t id = first_free;
  first_free = messages[id].next_free;
  messages[id].published = now;
  messages[id].deliveries = 0;
  return id;
}

static void message_release(uint32_t id) {
  messages[id].next_free = first_free;
  first_free = id;
}

static void ready_make_room(void) {
  if (ready_tail - ready_head <= ready_mask) return;
  uint32_t size = ready_mask + 1;
  ready = grow(ready, 2 * (size_t)size, sizeof *ready);
  for (uint32_t i = 0; i < size; i++) ready[size + i] = ready[i];
  ready_mask = 2 * size - 1;
}

static void dispatch(void) {
  while (ready_head != ready_tail && idle_head != idle_tail) {
    uint32_t id = ready[ready_head++ & ready_mask], consumer = idle[idle_head++ % CONSUMERS];
    messages[id].deliveries++;
    held_by[consumer] = id;
    schedule(now + 1, DELIVERY, consumer);
  }
}

static void on_publish(uint32_t producer) {
  if (created == wanted) return;
  created++;
  ready_make_room();
  ready[ready_tail++ & ready_mask] = message_create();
  schedule(now + exponential() / 0.175, PUBLISH, producer);
  dispatch();
}

static void on_delivery(uint32_t consumer) { schedule(now + 8 * exponential(), DONE, consumer); }

static void on_done(uint32_t consumer) {
  handling_failed[consumer] = random_unit() < 0.01;
  schedule(now + 1, SETTLEMENT, consumer);
}

static void on_settlement(uint32_t consumer) {
  uint32_t id = held_by[consumer];
  if (handling_failed[consumer]) {
    redelivered++;
    ready_make_room();
    ready[--ready_head & ready_mask] = id;
  } else {
    acknowledged++;
    observe(now - messages[id].published);
    message_release(id);
  }
  idle[idle_tail++ % CONSUMERS] = consumer;
  dispatch();
}

static void work_queue(void) {
  ready_mask = 255;
  ready = grow(NULL, ready_mask + 1, sizeof *ready);
  handlers[PUBLISH] = on_publish;
  handlers[DELIVERY] = on_delivery;
  handlers[DONE] = on_done;
  handlers[SETTLEMENT] = on_settlement;
  for (uint32_t consumer = 0; consumer < CONSUMERS; consumer++) idle[idle_tail++ % CONSUMERS] = consumer;
  for (uint32_t producer = 0; producer < PRODUCERS; producer++) schedule(exponential() / 0.175, PUBLISH, producer);
  run();
}

/* ---------------------------------------------------------------- hold: the event list alone */

static double clock_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Seconds for `wanted` times taking the earliest of `size` events and scheduling another; delays are drawn before. */
static double hold(uint64_t size) {
  static double delay[1 << 16];
  for (int i = 0; i < 1 << 16; i++) delay[i] = exponential();
  for (uint64_t i = 0; i < size; i++) schedule(exponential(), 0, (uint32_t)i);
  double began = clock_seconds();
  event next = {0};
  for (uint64_t i = 0; i < wanted; i++) {
    take_earliest(&next);
    schedule(next.time + delay[i & 0xffff], 0, next.operand);
  }
  handled = wanted;
  now = next.time;
  return clock_seconds() - began;
}

int main(int count, char **words) {
  const char *workload = count > 1 ? words[1] : "";
  wanted = count > 2 ? strtoull(words[2], NULL, 10) : 0;
  uint64_t size = count > 3 ? strtoull(words[3], NULL, 10) : 0;
  if (wanted == 0) {
    fprintf(stderr, "usage: yardstick mm1|mm10|queue COUNT, or yardstick hold COUNT PENDING\n");
    return 3;
  }
  prepare_exponential();
  double seconds, began = clock_seconds();
  if (strcmp(workload, "mm1") == 0) mmc(1);
  else if (strcmp(workload, "mm10") == 0) mmc(10);
  else if (strcmp(workload, "queue") == 0) work_queue();
  else if (strcmp(workload, "hold") != 0 || size == 0) return fprintf(stderr, "yardstick: no workload %s\n", workload), 3;
  seconds = strcmp(workload, "hold") == 0 ? hold(size) : clock_seconds() - began;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"seconds\":%.6f,\"events\":%llu,\"mean\":%.6g,\"p99\":%.6g,\"end\":%.6g,\"redelivered\":%llu,\"peakMegabytes\":%.1f}\n",
         seconds, (unsigned long long)handled, observed ? total / (double)observed : 0, observed ? quantile(0.99) : 0, now,
         (unsigned long long)redelivered, (double)usage.ru_maxrss / 1024);
  return 0;
}
