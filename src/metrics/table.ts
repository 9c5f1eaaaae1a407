/** One metric, as Prometheus and docs/operations.md show it. */
export interface MetricDefinition {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** Plain text, one sentence. */
  help: string;
  /** Each takes few values, whoever uses Sluice: never a repository, a pull request or anything that others choose. */
  labels: readonly string[];
  /** Markdown: what to look for, and what to do then. */
  advice: string;
  /** Of a histogram, in the metric's unit. */
  buckets?: readonly number[];
}

/** All metrics of Sluice's own. The numbers of the database are the same in each process: take the `max`, not the `sum`. */
export const METRICS = {
  build: {
    name: 'sluice_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: ['version', 'node'],
    advice: 'Two versions for long: a rollout is stuck.',
  },
  deliveries: {
    name: 'sluice_deliveries_total',
    type: 'counter',
    help: 'Webhook deliveries, by event and by what they came to.',
    labels: ['event', 'result'],
    advice:
      '`failed`: the queue could not keep it, look at the database; the next sweep makes up for it. `refused`: a wrong secret, or not from GitHub; the log says why. None at all for long: look at the deliveries in the settings of the App.',
  },
  jobs: {
    name: 'sluice_jobs_total',
    type: 'counter',
    help: 'Tries of jobs, by kind and by what they came to.',
    labels: ['kind', 'result'],
    advice:
      '`failed` is tried again by itself, up to ten times in about half an hour. `dead` is not: see [dead letters](#dead-letters). `asleep` waits for GitHub.',
  },
  jobSeconds: {
    name: 'sluice_job_duration_seconds',
    type: 'histogram',
    help: 'How long a try of a job took.',
    labels: ['kind'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    advice:
      'Mostly waiting for GitHub: it grows with its answers, and with what is written (one write a second).',
  },
  queue: {
    name: 'sluice_queue_jobs',
    type: 'gauge',
    help: 'Jobs in the database, by state.',
    labels: ['state'],
    advice:
      '`waiting` that grows: more workers help while `running` is at four for each, and not when one repository has all of it. `retrying`: failed, and due again later. `asleep`: until GitHub wants to hear again. `dead`: see [dead letters](#dead-letters).',
  },
  oldestWaiting: {
    name: 'sluice_queue_oldest_waiting_seconds',
    type: 'gauge',
    help: 'How long the oldest job has been waiting that could be done now; 0 when none waits.',
    labels: [],
    advice: 'Minutes: no worker is alive, or all are busy. It is what people wait for.',
  },
  pausedOwners: {
    name: 'sluice_paused_owners',
    type: 'gauge',
    help: 'Owners whose installation is left alone just now, by what still goes on.',
    labels: ['spares'],
    advice:
      '`commands`: routine work waits so that commands can go on. `nothing`: GitHub asked to be left alone. For more than an hour: the installation does more than its limits, [group](guide/groups.md) promotions.',
  },
  githubRequests: {
    name: 'sluice_github_requests_total',
    type: 'counter',
    help: 'Requests to GitHub, by method, route (lists of several pages are one) and status (0: no answer).',
    labels: ['method', 'route', 'status'],
    advice:
      '`5..` and `0`: GitHub is in trouble, see githubstatus.com. `401`: the private key is not that of the App. `403` and `404`: a permission, or a repository that the App is not installed on. `304` is free.',
  },
  githubRemaining: {
    name: 'sluice_github_rate_limit_remaining',
    type: 'gauge',
    help: "What the newest answer says that is left of an installation's requests of the hour, for at most 100 owners.",
    labels: ['owner'],
    advice: 'Below a tenth of the limit, only commands go on until the hour is over.',
  },
  creations: {
    name: 'sluice_github_creations_total',
    type: 'counter',
    help: 'Requests that create content on GitHub, by whether somebody waits for it, and whether they fitted into the limits.',
    labels: ['urgency', 'result'],
    advice:
      '`held` now and then is the limit of 80 a minute at work. Always: more is released than GitHub takes.',
  },
  pauses: {
    name: 'sluice_github_pauses_total',
    type: 'counter',
    help: 'How often work was put to sleep, by the limit of GitHub.',
    labels: ['limit'],
    advice: '`secondary` often: somebody else uses the same installation, or Sluice has a bug; tell us.',
  },
  sweeps: {
    name: 'sluice_sweeps_total',
    type: 'counter',
    help: 'Looks at all repositories, by what they came to.',
    labels: ['result'],
    advice: '`failed`: the log says `sweep failed`. While sweeps fail, lost webhooks stay lost.',
  },
  lastSweep: {
    name: 'sluice_last_sweep_timestamp_seconds',
    type: 'gauge',
    help: 'When the last sweep that succeeded ended, in seconds since the epoch; not there before the first.',
    labels: [],
    advice:
      'Take the `max` of all workers. Older than half an hour: as `sluice_sweeps_total{result="failed"}`.',
  },
  actions: {
    name: 'sluice_promotion_actions_total',
    type: 'counter',
    help: 'What was done to promotions, by action and by what it came to.',
    labels: ['action', 'result'],
    advice:
      '`refused`: GitHub or a person stands in the way, the log says `not done` and why. `failed` is tried again by itself.',
  },
  gatesWaiting: {
    name: 'sluice_gates_waiting',
    type: 'gauge',
    help: 'Gates of open promotions that wait or failed, by kind, as the last look at each repository found them.',
    labels: ['gate', 'state'],
    advice:
      'It is the ordinary state of a promotion. `release`, `head` or `config` for long: a person is needed.',
  },
  databaseUp: {
    name: 'sluice_database_up',
    type: 'gauge',
    help: 'Whether the database answered when the metrics were read.',
    labels: [],
    advice:
      '0: nothing is taken in and nothing is done; `/readyz` answers 503. The numbers of the queue are missing then.',
  },
  databaseBytes: {
    name: 'sluice_database_size_bytes',
    type: 'gauge',
    help: 'Size of the database.',
    labels: [],
    advice: 'What is done is kept for 4 days. The embedded one needs that much of its disk.',
  },
} as const satisfies Record<string, MetricDefinition>;
