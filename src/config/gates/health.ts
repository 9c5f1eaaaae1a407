import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import type { GateSpec, HealthSource } from '../../domain/gate-spec.ts';
import { checkDuration } from '../check-duration.ts';
import { checkDeploymentName, checkHealthName, checkWriter } from '../check-health.ts';
import { checkCheckName } from '../check-text.ts';
import { section, text } from '../schema-parts.ts';

/**
 * What the tools write of themselves: Argo CD notifications the context `continuous-delivery/APPLICATION`, Flux's
 * notification controller `kustomization/NAME/UID`.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/github/
 * https://fluxcd.io/flux/components/notification/providers/#git-commit-status-updates
 */
export const PRESETS = {
  argocd: 'continuous-delivery/{app}-{from}',
  flux: 'kustomization/{app}-{from}/*',
} as const;

const preset = z.enum(['argocd', 'flux']);
const name = text(200, (value) => checkCheckName(value) ?? checkHealthName(value));

export const health = z
  .union(
    [
      preset,
      section({
        preset: preset.optional().meta({
          description:
            '`argocd`: the commit status that Argo CD notifications write. `flux`: the one that Flux’s notification controller writes.',
        }),
        status: name.optional().meta({
          description:
            'Context of a commit status. `{app}` and `{from}` stand for the application and the environment it comes from, `*` for any text.',
          examples: ['argocd/{from}/{app}'],
        }),
        check: name.optional().meta({
          description: 'Name of a check run, in the same way.',
          examples: ['smoke / {app}'],
        }),
        deployment: text(200, checkDeploymentName)
          .optional()
          .meta({
            description: 'Environment of GitHub deployments, in the same way, without `*`.',
            examples: ['{from}', '{from}-{app}'],
          }),
        by: text(100, checkWriter)
          .optional()
          .meta({
            description:
              'Login that must have written it, `SLUG[bot]` for a GitHub App. Without it, everyone with write access could.',
            examples: ['argocd[bot]'],
          }),
        for: text(30, checkDuration)
          .optional()
          .meta({
            description: 'How long it must have stayed healthy.',
            examples: ['10m'],
          }),
      }).superRefine(({ preset: known, status, check, deployment }, context) => {
        const named = [known, status, check, deployment].filter((each) => each !== undefined);
        if (named.length !== 1)
          context.addIssue({
            code: 'custom',
            message: 'write one of `preset:`, `status:`, `check:` and `deployment:`',
          });
      }),
    ],
    { error: 'write argocd or flux, or { status: NAME }, { check: NAME }, { deployment: ENVIRONMENT }' },
  )
  .meta({
    description: 'Passes when the environment that the release comes from reports it healthy.',
    examples: ['argocd', { deployment: '{from}', for: '10m' }],
  });

export function toHealth(written: z.infer<typeof health>): GateSpec {
  if (typeof written === 'string')
    return { kind: 'health', source: toSource({ preset: written }), durationMs: 0 };
  const durationMs = written.for === undefined ? 0 : (parseDuration(written.for) ?? Number.POSITIVE_INFINITY);
  return { kind: 'health', source: toSource(written), durationMs };
}

function toSource(written: Exclude<z.infer<typeof health>, string>): HealthSource {
  const { preset: known, status, check, deployment, by = null } = written;
  if (known !== undefined) return { kind: 'status', name: PRESETS[known], by };
  if (status !== undefined) return { kind: 'status', name: status, by };
  return check === undefined
    ? { kind: 'deployment', name: deployment ?? '', by }
    : { kind: 'check', name: check, by };
}
