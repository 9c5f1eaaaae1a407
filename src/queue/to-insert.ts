import type { JobInsert } from 'pg-boss';
import type { Origin } from '../promotion/ports/jobs.ts';
import { type Entry, jobIdOf, keyOf, ownerOf } from './names.ts';

export interface Insertion {
  /** Where it comes in the line: the greatest first. */
  priority: number;
  origin?: Origin | null;
  /** At once when left out. */
  startAfter?: Date;
}

/** A job as pg-boss takes it in. */
export function toInsert(entry: Entry, { priority, origin, startAfter }: Insertion): JobInsert<Entry> {
  const { repository } = entry.job;
  return {
    ...(origin && { id: jobIdOf(origin) }),
    data: entry,
    singletonKey: keyOf(repository),
    group: { id: ownerOf(repository) },
    priority,
    ...(startAfter && { startAfter }),
  };
}
