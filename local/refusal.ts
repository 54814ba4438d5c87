import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ProblemDetails } from '../lib/problems.ts';

/** Answers in the runner's own name; an answer that has begun is cut off, so that nobody takes it for whole. */
export function refuse(response: ServerResponse, refusal: number | ProblemDetails): void {
  if (response.writableEnded) return;
  if (response.headersSent) return void response.destroy();
  if (typeof refusal === 'number') return void response.writeHead(refusal).end();
  const body = Buffer.from(JSON.stringify(refusal));
  const headers = { 'Content-Type': 'application/problem+json', 'Content-Length': body.length };
  response.writeHead(refusal.status, { ...headers, 'Cache-Control': 'no-store' }).end(body);
}

/** A problem that has no type of its own. */
export function plainProblem(status: number, detail: string): ProblemDetails {
  return { type: 'about:blank', status, title: STATUS_CODES[status] ?? '', detail };
}
