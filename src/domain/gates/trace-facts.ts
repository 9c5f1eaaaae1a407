import type { GateSpec, StandingGate } from '../gate-spec.ts';
import { judgeReviews } from './approvals.ts';
import { checksOf, findNamed } from './checks.ts';
import type { GateFacts, PullFact } from './facts.ts';
import type { Known } from './gate.ts';
import { healthKey } from './health.ts';
import { describeUrl, httpKey } from './http.ts';
import { judgeRules } from './policy.ts';
import { latestReviews, whyNotCounted } from './pull-request.ts';

type Spec<Kind extends GateSpec['kind']> = Extract<GateSpec, { kind: Kind }>;

/** What can be written as JSON. */
export type Traced =
  | string
  | number
  | boolean
  | null
  | readonly Traced[]
  | { readonly [key: string]: Traced };

/**
 * The facts that a gate was judged by, in short, for the audit. What a URL answered besides its status is left out: it
 * may be secret. Null when a gate needs no facts.
 */
export function traceFacts(spec: GateSpec | StandingGate, facts: GateFacts, nowMs: number): Traced {
  switch (spec.kind) {
    case 'checks':
      return traceChecks(spec, facts);
    case 'approvals':
      return traceApprovals(spec, facts);
    case 'manual':
      return orUnknown(facts.requests, (requests) =>
        requests.slice(0, 1).map(({ requester, url, atMs }) => ({ by: requester, url, ...time('at', atMs) })),
      );
    case 'soak':
      return spec.since === 'healthy'
        ? [...facts.health.values()].map(traceHealth)
        : orUnknown(facts.landings, (landings) =>
            landings.map(({ environment, landedMs, isAtLatest }) => ({
              environment,
              ...time('landed', landedMs),
              ...(isAtLatest ? { orEarlier: true } : {}),
              ...(landedMs === null ? time('firstSeen', facts.firstSeenMs) : {}),
            })),
          );
    case 'health': {
      const found = facts.health.get(healthKey(spec.source));
      return found ? traceHealth(found) : null;
    }
    case 'after':
      return spec.dependencies.map(({ application, version }): Traced => {
        const fact = facts.dependencies.get(application);
        if (!fact) return { application, found: false };
        return version === null ? { application, lag: fact.lag } : { application, versions: fact.versions };
      });
    case 'policy':
      return judgeRules(spec, facts, nowMs).map(({ rule, isDeny, state }) => ({
        [isDeny ? 'deny' : 'pass']: rule,
        state,
      }));
    case 'http': {
      const found = facts.http.get(httpKey(spec));
      const url = describeUrl(spec.url);
      return found ? { url, answer: orUnknown(found, ({ status }) => ({ status })) } : { url };
    }
    case 'pull-request':
      return orUnknown(facts.changes, ({ pulls, pushes, builds, gaps }) => ({
        pulls: pulls.map((pull) => tracePull(spec, pull)),
        pushes,
        builds,
        gaps,
      }));
    case 'hold':
      return orUnknown(facts.holds, (holds) =>
        holds.map(({ by, reason, url, untilMs }) => ({ by, reason, url, ...time('until', untilMs) })),
      );
    case 'window':
      return null;
  }
}

function traceChecks(spec: Spec<'checks'>, facts: GateFacts): Traced {
  return orUnknown(checksOf(spec, facts), (commits) =>
    commits.flatMap((found) =>
      [...new Set(spec.checks.flatMap((check) => findNamed(check, found)))].map(
        ({ name, app, conclusion, sha = facts.headSha }) => ({ name, app, conclusion, on: sha }),
      ),
    ),
  );
}

function traceApprovals(spec: Spec<'approvals'>, facts: GateFacts): Traced {
  return orUnknown(facts.reviews, () =>
    judgeReviews(spec, facts).map(({ review: { reviewer, state, sha, atMs }, eligible, why }) => ({
      reviewer,
      state,
      head: sha,
      ...time('at', atMs),
      counts: eligible && (state === 'approved' || state === 'changes-requested'),
      ...(why === null ? {} : { why }),
    })),
  );
}

function traceHealth(found: NonNullable<ReturnType<GateFacts['health']['get']>>): Traced {
  return orUnknown(found, (reports) =>
    reports.map(({ environment, name, state, sinceMs, sha }) => ({
      environment,
      name,
      state,
      ...time('since', sinceMs),
      on: sha,
    })),
  );
}

function tracePull(spec: Spec<'pull-request'>, pull: PullFact): Traced {
  const asked = [...spec.labels, ...spec.withoutLabels].map((label) => label.toLowerCase());
  const approvals = latestReviews(pull).filter(({ state }) => state === 'approved');
  return {
    number: pull.number,
    head: pull.headSha,
    labels: pull.labels.filter((label) => asked.includes(label.toLowerCase())),
    approvals: approvals.map((review) => ({
      reviewer: review.reviewer,
      head: review.sha,
      ...time('at', review.atMs),
      counts: whyNotCounted(pull, review) === null,
    })),
  };
}

function orUnknown<Fact>(fact: Known<Fact>, trace: (value: Fact) => Traced): Traced {
  return fact.known ? trace(fact.value) : { unknown: fact.reason };
}

function time(name: string, atMs: number | null | undefined): { [key: string]: Traced } {
  return atMs === null || atMs === undefined ? {} : { [name]: new Date(atMs).toISOString() };
}
