/** One call of the API and its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  /** Without `/api/v3` and without the query. */
  path: string;
  query: URLSearchParams;
  /** Empty when there was none. */
  requestBody: string;
  status: number;
  responseHeaders: Headers;
  responseBody: string;
}

/** One webhook as it was sent to an App. */
export interface Sent {
  event: string;
  headers: Record<string, string>;
  body: string;
}

/** Whoever wants to see everything that local GitHubs of this process say. */
export interface Observer {
  onExchange(exchange: Exchange): void;
  onDelivery(sent: Sent): void;
}

const observers = new Set<Observer>();

/** Shows the observer all exchanges and deliveries of all local GitHubs of this process, until the returned function is called. */
export function observeSandboxes(observer: Observer): () => void {
  observers.add(observer);
  return () => {
    observers.delete(observer);
  };
}

/** Told before a webhook is sent: nobody sees less of it because its receiver is away. */
export function tellDelivery(sent: Sent): void {
  for (const observer of observers) observer.onDelivery(sent);
}

/**
 * Answers a call, and shows the observers both when there are any; they cost nothing otherwise.
 * What a fault makes of the answer is not shown: it is meant to be wrong.
 */
export async function observed(
  request: Request,
  path: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  if (observers.size === 0) return answer();
  const requestBody = await request.clone().text();
  const response = await answer();
  const exchange: Exchange = {
    method: request.method,
    path,
    query: new URL(request.url).searchParams,
    requestBody,
    status: response.status,
    responseHeaders: response.headers,
    responseBody: await response.clone().text(),
  };
  for (const observer of observers) observer.onExchange(exchange);
  return response;
}
