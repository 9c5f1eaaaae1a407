import { z } from 'zod';
import type { CheckRun } from './state.ts';

/** https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const LONGEST_TEXT = 65_535;

const text = z.string().refine((value) => value.length <= LONGEST_TEXT, {
  error: (issue) =>
    `Only ${LONGEST_TEXT} characters are allowed; ${String(issue.input).length} were supplied.`,
});

const Annotation = z.looseObject({
  path: z.string().min(1),
  start_line: z.number().int(),
  end_line: z.number().int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z
    .string()
    .min(1)
    .max(64 * 1024),
  title: z.string().max(255).nullish(),
});

const Fields = {
  details_url: z.string().nullish(),
  external_id: z.string().nullish(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  started_at: z.string().optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'])
    .optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: text.optional(),
      summary: text,
      text: text.nullish(),
      annotations: z.array(Annotation).max(50).optional(),
    })
    .optional(),
  actions: z
    .array(
      z.object({
        label: z.string().min(1).max(20),
        description: z.string().min(1).max(40),
        identifier: z.string().min(1).max(20),
      }),
    )
    .max(3)
    .optional(),
};

const completedNeedsConclusion = {
  check: (body: { status?: string; conclusion?: string }) =>
    body.status !== 'completed' || body.conclusion !== undefined,
  message: 'conclusion is required when status is completed',
};

export const NewCheckRun = z
  .object({ ...Fields, name: z.string().min(1), head_sha: z.string().min(1) })
  .refine(completedNeedsConclusion.check, { error: completedNeedsConclusion.message });

export const CheckRunUpdate = z
  .object({ ...Fields, name: z.string().min(1).optional() })
  .refine(completedNeedsConclusion.check, { error: completedNeedsConclusion.message });

/** Writes what a request says into a run. Annotations are added to those of earlier requests. */
export function applyToRun(run: CheckRun, input: z.output<typeof CheckRunUpdate>, now: string): void {
  if (input.name !== undefined) run.name = input.name;
  if (input.details_url !== undefined) run.detailsUrl = input.details_url;
  if (input.external_id !== undefined) run.externalId = input.external_id ?? '';
  if (input.started_at !== undefined) run.startedAt = input.started_at;
  if (input.actions !== undefined) run.actions = input.actions;
  if (input.output !== undefined) {
    const { title, summary, text: details, annotations = [] } = input.output;
    run.output.title = title ?? run.output.title;
    run.output.summary = summary;
    if (details !== undefined) run.output.text = details;
    run.output.annotations.push(...annotations);
  }
  applyStatus(run, input, now);
}

/**
 * A conclusion completes a run whatever its status says. A completed run takes another conclusion, and no status:
 * GitHub answers as if it did. https://github.com/lyft/atlantis/pull/265, https://github.com/Mergifyio/mergify/pull/1989
 */
function applyStatus(run: CheckRun, input: z.output<typeof CheckRunUpdate>, now: string): void {
  if (input.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = input.conclusion;
    run.completedAt = input.completed_at ?? now;
  } else if (input.status !== undefined && run.status !== 'completed') run.status = input.status;
}
