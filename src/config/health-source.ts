import { z } from 'zod';
import type { HealthSource } from '../domain/gate-spec.ts';
import {
  checkDeploymentName,
  checkHealthName,
  checkOwnDeploymentName,
  checkOwnHealthName,
  checkWriter,
} from './check-health.ts';
import { checkCheckName } from './check-text.ts';
import { section, text } from './schema-parts.ts';

/**
 * What the tools write of themselves: Argo CD notifications the context `continuous-delivery/APPLICATION`, Flux's
 * notification controller `kustomization/NAME/UID`.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/github/
 * https://fluxcd.io/flux/components/notification/providers/#git-commit-status-updates
 */
const PRESETS = {
  argocd: 'continuous-delivery/{app}-{from}',
  flux: 'kustomization/{app}-{from}/*',
} as const;

export const preset = z.enum(['argocd', 'flux']);

/** Whose health it is: that of the environment which a release comes from, or that of the environment itself. */
const WORDS = {
  from: {
    is: 'the environment it comes from',
    checkName: checkHealthName,
    checkDeployment: checkDeploymentName,
  },
  env: { is: 'this environment', checkName: checkOwnHealthName, checkDeployment: checkOwnDeploymentName },
} as const;

/** The keys that name what reports health; `{from}` or `{env}` stands for the environment in their texts. */
export function healthKeys(placeholder: keyof typeof WORDS, statusExample: string) {
  const { is, checkName, checkDeployment } = WORDS[placeholder];
  const name = text(200, (value) => checkCheckName(value) ?? checkName(value));
  return {
    preset: preset.optional().meta({
      description:
        '`argocd`: the commit status that Argo CD notifications write. `flux`: the one that Flux’s notification controller writes.',
    }),
    status: name.optional().meta({
      description: `Context of a commit status. \`{app}\` and \`{${placeholder}}\` stand for the application and ${is}, \`*\` for any text.`,
      examples: [statusExample],
    }),
    check: name.optional().meta({
      description: 'Name of a check run, in the same way.',
      examples: ['smoke / {app}'],
    }),
    deployment: text(200, checkDeployment)
      .optional()
      .meta({
        description: 'Environment of GitHub deployments, in the same way, without `*`.',
        examples: [`{${placeholder}}`, `{${placeholder}}-{app}`],
      }),
    by: text(100, checkWriter)
      .optional()
      .meta({
        description:
          'Login that must have written it, `SLUG[bot]` for a GitHub App. Without it, everyone with write access could.',
        examples: ['argocd[bot]'],
      }),
  };
}

interface Written {
  preset?: keyof typeof PRESETS | undefined;
  status?: string | undefined;
  check?: string | undefined;
  deployment?: string | undefined;
  by?: string | undefined;
}

/** Wants exactly one thing that reports. */
export function wantOne(
  { preset: known, status, check, deployment }: Written,
  context: { addIssue(issue: { code: 'custom'; message: string }): void },
): void {
  const named = [known, status, check, deployment].filter((each) => each !== undefined);
  if (named.length !== 1)
    context.addIssue({
      code: 'custom',
      message: 'write one of `preset:`, `status:`, `check:` and `deployment:`',
    });
}

/** Said of what is neither. */
export const HOW_TO_WRITE = {
  error: 'write argocd or flux, or { status: NAME }, { check: NAME }, { deployment: ENVIRONMENT }',
} as const;

/** What reports the health of the environment itself in which it is written. */
export const ownHealth = z.union(
  [preset, section(healthKeys('env', 'argocd/{env}/{app}')).superRefine(wantOne)],
  HOW_TO_WRITE,
);

export const OWN_HEALTH_EXAMPLES = ['argocd' as const, { status: 'rollout/{env}/{app}', by: 'argocd[bot]' }];

/** Where reports are read, the environment that they are of is called `{from}`. */
export function toHealthSource(written: Written | keyof typeof PRESETS): HealthSource {
  const {
    preset: known,
    status,
    check,
    deployment = '',
    by = null,
  } = typeof written === 'string' ? { preset: written } : written;
  const own = (template: string) => template.replaceAll('{env}', '{from}');
  if (known !== undefined) return { kind: 'status', name: PRESETS[known], by };
  if (status !== undefined) return { kind: 'status', name: own(status), by };
  return check === undefined
    ? { kind: 'deployment', name: own(deployment), by }
    : { kind: 'check', name: own(check), by };
}
