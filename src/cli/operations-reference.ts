import { describeMetrics } from '../metrics/describe-metrics.ts';
import { VARIABLES, type Variable } from './variables.ts';

/** `docs/operations-reference.md`: what can be set, and what is measured. */
export function operationsReference(): string {
  return `<!-- Made by \`npm run schema\` from src/cli/variables.ts and src/metrics/table.ts; do not edit. -->

# Variables and metrics

For whoever runs Sluice; [Operations](operations.md) says how.

## Variables

Empty is not set. What cannot be meant (\`PORT=abc\`) stops the start, with all that is wrong at once.

${describeVariables()}

## Metrics

Answered by \`GET /metrics\` on \`SLUICE_METRICS_PORT\`, [in the text format of
Prometheus](https://prometheus.io/docs/instrumenting/exposition_formats/). The numbers of the database
(\`sluice_queue_*\`, \`sluice_paused_owners\`, \`sluice_gates_waiting\`, \`sluice_database_*\`) are for all processes and the
same in each: take their \`max\`. All others are of one process since its start: take their \`sum\`.

${describeMetrics()}

Beside these, each process tells of itself by [prom-client's default
metrics](https://github.com/siimon/prom-client#default-metrics): \`process_cpu_seconds_total\`,
\`process_resident_memory_bytes\` and others. \`nodejs_eventloop_lag_p99_seconds\` above 1 for long: the process is short of
processor time; give it more, or run more of them.
`;
}

function describeVariables(): string {
  const rows = Object.entries<Variable>(VARIABLES).map(
    ([name, { byDefault, meaning }]) =>
      `| \`${name}\` | ${byDefault === null ? '' : `\`${byDefault}\``} | ${meaning} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
