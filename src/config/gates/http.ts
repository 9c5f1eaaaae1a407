import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { checkInterval, checkJsonPath, checkTimeout, checkUrl } from '../check-http.ts';
import { list, section, text, toList } from '../schema-parts.ts';

const url = text(500, checkUrl);

/** Of a server error nobody can tell what it means, and redirects are not followed. */
const status = z
  .int()
  .min(200)
  .max(499)
  .refine((value) => value < 300 || value >= 400, {
    error: 'redirects are not followed; write a status from 200 to 299 or from 400 to 499',
  });

const expectation = section({
  status: z
    .union([status, list(status, 20)], { error: 'write a status such as 200, or a list of them' })
    .default(200)
    .meta({ description: 'The status of the answer; of a list, any.', examples: [200, [200, 204]] }),
  json: section({
    path: text(200, checkJsonPath).meta({
      description: 'Where to look in the JSON: keys with dots between them, `[0]` for an index.',
      examples: ['status.checks[0].state'],
    }),
    equals: z
      .union([z.string().max(200), z.number(), z.boolean(), z.null()], {
        error: 'write a text, a number, true, false or null',
      })
      .meta({ description: 'What must stand there, of the same type: `"1"` is not `1`.' }),
  })
    .optional()
    .meta({ description: 'What the answer must say. Without it, only the status counts.' }),
});

const question = section({
  url: url.meta({ description: 'The URL.' }),
  method: z.enum(['GET', 'POST']).default('GET').meta({
    description: '`POST` sends the promotion as JSON, signed with the secret of the operator.',
  }),
  expect: expectation.optional().meta({ description: 'The answer that passes: status 200 by default.' }),
  timeout: text(30, checkTimeout)
    .default('10s')
    .meta({ description: 'How long the answer may take, retries included: `1s` to `30s`.' }),
  retries: z.int().min(0).max(5).default(2).meta({
    description: 'How often to try again, after errors of the network and the statuses 429 and 5xx.',
  }),
  every: text(30, checkInterval).default('5m').meta({
    description: 'How often to ask when nothing else has Sluice look: `1m` to `1d`.',
  }),
  'on-mismatch': z
    .enum(['wait', 'fail'])
    .default('wait')
    .meta({ description: 'Whether another answer than the expected one waits or fails. No answer waits.' }),
});

export const http = z
  .union([url, question], {
    error: 'write a URL such as https://status.example.com/ready, or { url, method, expect }',
  })
  .meta({
    description:
      'Passes when a URL answers as asked. The operator of Sluice says which hosts may be asked (`SLUICE_HTTP_ALLOWED_HOSTS`).',
    examples: [
      'https://status.example.com/ready',
      {
        url: 'https://change.example.com/approve',
        method: 'POST',
        expect: { json: { path: 'approved', equals: true } },
      },
    ],
  });

export function toHttp(written: z.infer<typeof http>): GateSpec {
  const asked = typeof written === 'string' ? question.parse({ url: written }) : written;
  const { method, expect, timeout, retries, every } = asked;
  return {
    kind: 'http',
    url: new URL(asked.url).href,
    method,
    status: [...new Set(toList(expect?.status ?? 200))].sort(),
    json: expect?.json ?? null,
    timeoutMs: parseDuration(timeout) ?? 0,
    retries,
    everyMs: parseDuration(every) ?? 0,
    onMismatch: asked['on-mismatch'],
  };
}
