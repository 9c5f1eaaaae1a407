import type { Settings } from '../../domain/settings.ts';

/** Tells the pull request of a rollback from that of a promotion, beside its title. */
const ROLLBACK_LABEL = 'rollback';

/** The labels of a pull request of Sluice; `rollsBack` is what it takes back, if it does. */
export function labelsOf(
  { labels }: Pick<Settings, 'labels'>,
  rollsBack: object | undefined,
): readonly string[] {
  return rollsBack ? [...new Set([...labels, ROLLBACK_LABEL])] : labels;
}
