import type { JobInsert } from 'pg-boss';
import type { Origin } from '../promotion/ports/jobs.ts';
import { type Entry, jobIdOf, keyOf, ownerOf, priorityOf } from './names.ts';

/** A job as pg-boss takes it in; at once without `startAfter`. */
export function toInsert(entry: Entry, origin: Origin | null = null, startAfter?: Date): JobInsert<Entry> {
  const { job, delivery } = entry;
  return {
    ...(origin && { id: jobIdOf(origin) }),
    data: entry,
    singletonKey: keyOf(job.repository),
    group: { id: ownerOf(job.repository) },
    priority: priorityOf(job, delivery),
    ...(startAfter && { startAfter }),
  };
}
