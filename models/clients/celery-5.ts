import type { ClientPreset } from './preset.ts';

const defaults = 'celery 5.6, celery/app/defaults.py';

export const celery5: ClientPreset = {
  standsFor: 'Celery 5.6 with kombu 5.6 over py-amqp',
  about: 'Acknowledges a task when a process of the pool begins it: what crashes or fails after that is gone.',
  publishing: [
    { setting: 'confirm', value: 'none', called: 'confirm_publish: false', source: 'py-amqp 5, amqp.Connection' },
    { setting: 'unconnected', value: 'fail', called: 'OperationalError', source: 'kombu 5.6, Connection.ensure' },
    {
      setting: 'retry', value: { linear: { initial: '0', step: '200ms', max: '1s' }, attempts: 4 },
      called: 'task_publish_retry_policy: max_retries 3, interval_start 0, interval_step 0.2, interval_max 1', source: `${defaults} (the user guide still says interval_max 0.2)`,
    },
  ],
  producing: [
    { setting: 'reconnect', value: 'on-demand', called: 'Connection.ensure connects within a publish', source: 'kombu 5.6, kombu/connection.py' },
  ],
  consuming: [
    { setting: 'acknowledge', value: 'at-start', called: 'task_acks_late: false; Request.on_accepted acknowledges', source: `${defaults}, celery/worker/request.py` },
    { setting: 'prefetch', value: 4, times: 'concurrency', called: 'worker_prefetch_multiplier: 4', source: defaults },
    { setting: 'failure.then', value: 'acknowledge', called: 'task_acks_on_failure_or_timeout: true', source: `${defaults}, celery/worker/request.py` },
    {
      setting: 'reconnect', value: { linear: { initial: '0', step: '2s', max: '32s' } },
      called: 'broker_connection_retry: true; interval_start 2, interval_step 2, interval_max 30 on top of the start', source: 'kombu 5.6, Connection.ensure_connection and retry_over_time',
    },
  ],
  options: [
    { called: '`task_acks_late: true`', write: '`acknowledge: after-work`' },
    { called: '`task_acks_late: true` and `task_acks_on_failure_or_timeout: false`', write: '`acknowledge: after-work`, `failure: { then: reject }`' },
    { called: '`worker_prefetch_multiplier: 1`', write: '`prefetch` as large as `concurrency`' },
    { called: '`broker_transport_options: { confirm_publish: true }`', write: '`confirm: {}`' },
  ],
  leftOut: [
    '`Task.retry` and `autoretry_for` (3 retries, 180 s apart), which publish the task again with an ETA; a worker that has it holds it unacknowledged until then, outside of its prefetch.',
    'A crash is of the whole worker. A process of its pool that dies alone is a failure: with `task_acks_late` its task is acknowledged all the same, unless `task_reject_on_worker_lost` is set.',
    '`worker_enable_prefetch_count_reduction`: less prefetch after a lost connection, until the tasks under way are done.',
    '`broker_connection_max_retries` (100): the worker begins anew after that, without a wait first.',
    'Heartbeats of 120 s that the client asks for: here they are the broker\'s.',
  ],
};
