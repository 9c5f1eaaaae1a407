import type { Known } from '../../domain/gates/gate.ts';

/** What a URL is asked. */
export interface HttpQuestion {
  /** As the URL standard writes it. */
  url: string;
  method: 'GET' | 'POST';
  /** JSON, which is sent signed; null for `GET`. */
  body: string | null;
  /** Whether what it answers matters, besides its status. */
  wantsText: boolean;
  /** For all attempts together. */
  timeoutMs: number;
  retries: number;
}

export interface HttpAnswer {
  status: number;
  /** Null when it was not wanted, or cannot be read. */
  text: string | null;
  /** Why it cannot be read, after "it answered". */
  unreadable: string | null;
}

/** Asks URLs that a config names, within what the operator of Sluice allows. */
export interface HttpProber {
  /** Unknown when there is no answer, or the question may not be asked. Never throws. */
  ask(question: HttpQuestion): Promise<Known<HttpAnswer>>;
}
