import { METRICS, type MetricDefinition } from './table.ts';

/** The table of all metrics for docs/operations.md. */
export function describeMetrics(): string {
  const rows = Object.values<MetricDefinition>(METRICS).map(({ name, type, help, labels, advice }) => {
    const shown = labels.length > 0 ? `\`{${labels.join(', ')}}\`` : '';
    return `| \`${name}\`${shown && `<br>${shown}`} | ${type} | ${help} | ${advice} |`;
  });
  return ['| metric | type | what it says | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
