import type { BadRelease } from '../../domain/bad-release.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Environment } from '../../domain/settings.ts';
import { code, plain } from '../markdown.ts';

/** `Roll back checkout to v1.4.1 in prod` */
export function rollbackTitle({ application, release, to }: Promotion): string {
  return `Roll back ${application} to ${release.label} in ${to}`.replace(/[\r\n]+/g, ' ').slice(0, 200);
}

/** What is taken back, why, who said so, and what it means for what comes next. */
export function introduceRollback(
  { rollback }: Environment,
  { application, release, to }: Promotion,
  { release: bad, by, reason, url, isAutomatic, pull }: BadRelease,
): string {
  const where = `**${plain(application)}** in **${plain(to)}**`;
  const brought = pull === null ? '' : `, which #${pull} brought`;
  const lines = [
    `Rolls ${where} back to ${code(release.label)}, from ${code(bad)}${brought}.`,
    '',
    `- ${isAutomatic ? 'Begun by Sluice' : `Asked for by ${code(by)}`}: ${plain(reason)} (${url})`,
    `- ${code(bad)} is marked as bad there and is not promoted to ${plain(to)} again.`,
    `- ${where} is held until ${code(`/resume ${application} ${to}`)}${rollback?.isHoldLifted ? ', or until a newer release comes' : ''}. The environments before go on.`,
  ];
  const skipped = rollback?.skip ?? [];
  if (skipped.length > 0)
    lines.push(`- By the config, a rollback does not wait for ${skipped.map(code).join(', ')}.`);
  return lines.join('\n');
}

export function rollbackFooter({ application, to, rollsBack }: Promotion): string {
  return [
    '---',
    `Only promoted values change. Closing this leaves ${code(rollsBack?.release ?? '')} where it is, and the hold in force; ${code(`/resume ${application} ${to}`)} gives the rollback up.`,
  ].join('\n');
}
