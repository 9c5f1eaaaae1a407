import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition } from './table.ts';

type Kept<D extends MetricDefinition> = D['type'] extends 'counter'
  ? Counter<D['labels'][number]>
  : D['type'] extends 'gauge'
    ? Gauge<D['labels'][number]>
    : Histogram<D['labels'][number]>;

export type Metrics = { readonly [Key in keyof typeof METRICS]: Kept<(typeof METRICS)[Key]> };

/** The metrics of one process, and their text. */
export interface MetricSet {
  metrics: Metrics;
  contentType: string;
  /** https://prometheus.io/docs/instrumenting/exposition_formats/ */
  text(): Promise<string>;
}

/** Makes all metrics of the table, and those of the process and of Node beside them when `hasProcess`. */
export function makeMetrics({ hasProcess }: { hasProcess: boolean }): MetricSet {
  const registry = new Registry();
  if (hasProcess) collectDefaultMetrics({ register: registry });
  const made = Object.entries<MetricDefinition>(METRICS).map(
    ([key, { name, type, help, labels, buckets }]) => {
      const options = { name, help, labelNames: [...labels], registers: [registry] };
      if (type === 'histogram') return [key, new Histogram({ ...options, buckets: [...(buckets ?? [])] })];
      return [key, type === 'counter' ? new Counter(options) : new Gauge(options)];
    },
  );
  return {
    metrics: Object.fromEntries(made) as Metrics,
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
