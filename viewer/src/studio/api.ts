// Talks to the server: every request with the token, every refusal as one line for people.

export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Nobody answered at all. */
  get gone(): boolean {
    return this.status === 0;
  }
}

const TOKEN = "talkingeyes-token";
const RETRY_MS = 1000;

/** The token of the address, kept for this tab, and taken out of what the address bar shows. */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (token !== null) {
    sessionStorage.setItem(TOKEN, token);
    given.delete("token");
    const rest = given.toString();
    history.replaceState(null, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  }
  return sessionStorage.getItem(TOKEN) ?? "";
}

async function refusal(answer: Response): Promise<ApiError> {
  const said = await answer.json().then((data: unknown) => (data as { error?: unknown }).error, () => undefined);
  return new ApiError(answer.status, typeof said === "string" ? said : `The server refused this (${answer.status}).`);
}

export interface Ask {
  method?: string;
  json?: unknown;
  body?: Blob | ArrayBuffer;
  signal?: AbortSignal;
}

export class Api {
  private readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  async ask(path: string, { method, json, body, signal }: Ask = {}): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}` };
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const data = json !== undefined ? JSON.stringify(json) : body;
    const request: RequestInit = { method: method ?? (data === undefined ? "GET" : "POST"), headers };
    if (data !== undefined) request.body = data;
    if (signal) request.signal = signal;
    let answer: Response;
    try {
      answer = await fetch(`/api/${path}`, request);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(0, "The server does not answer.");
    }
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }

  async json<T>(path: string, ask?: Ask): Promise<T> {
    return (await (await this.ask(path, ask)).json()) as T;
  }

  async bytes(path: string, ask?: Ask): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.ask(path, ask)).arrayBuffer());
  }

  /** The server's events for as long as the page lives; tries again where the connection breaks. */
  async listen(since: () => number, onEvent: (event: Record<string, unknown>) => void, onLink: (up: boolean, error?: ApiError) => void): Promise<never> {
    for (;;) {
      try {
        const answer = await this.ask(`events?since=${since()}`);
        onLink(true);
        if (answer.body) await eachEvent(answer.body, onEvent);
        onLink(false);
      } catch (error) {
        onLink(false, error instanceof ApiError ? error : undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function eachEvent(body: ReadableStream<Uint8Array<ArrayBuffer>>, onEvent: (event: Record<string, unknown>) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value.replace(/\r/g, "");
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const data = text.slice(0, end).split("\n").filter((line) => line.startsWith("data:"));
      text = text.slice(end + 2);
      if (data.length > 0) onEvent(JSON.parse(data.map((line) => line.slice(5).trim()).join("\n")) as Record<string, unknown>);
    }
  }
}
