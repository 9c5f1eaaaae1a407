import type { TargetLocation } from '../../domain/target.ts';
import type { TreeEntry } from '../ports/git.ts';

/** What is a target's own: its files, and the targets that live at the very same place. */
export interface Place {
  location: TargetLocation;
  entries: readonly TreeEntry[];
  others: readonly TargetLocation[];
}
