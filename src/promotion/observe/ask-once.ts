import type { Known } from '../../domain/gates/gate.ts';
import type { HttpAnswer, HttpProber } from '../ports/http.ts';

type Answer = Known<HttpAnswer>;

/**
 * For one look: equal questions are asked once, so that all promotions are judged by the same answer, and a server that
 * did not answer is not asked again, so that it does not hold up the look once for each application.
 */
export function askOnce(prober: HttpProber): HttpProber {
  const asked = new Map<string, Promise<Answer>>();
  const silent = new Map<string, Answer>();
  return {
    async ask(question) {
      const key = JSON.stringify(question);
      const before = asked.get(key);
      if (before) return before;
      const { origin } = new URL(question.url);
      const refused = silent.get(origin);
      if (refused) return refused;
      const asking = prober.ask(question);
      asked.set(key, asking);
      const answer = await asking;
      if (!answer.known && answer.isPassing) silent.set(origin, answer);
      return answer;
    },
  };
}
