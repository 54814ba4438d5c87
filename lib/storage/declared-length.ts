/**
 * How long an upload may be. A signed link cannot say so: its sender is given a header for the blob's metadata, with the length
 * that was declared, and a signature. Where the image is used, both are checked.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { problem } from '../problems.ts';

const name = 'declared';

/** The header to be sent with the bytes of a blob. */
export function declaredLengthHeader(secret: Buffer, blob: string, bytes: number): Record<string, string> {
  return { [`x-ms-meta-${name}`]: `${bytes}.${signature(secret, blob, bytes)}` };
}

/** Throws `upload-not-declared` for an upload that is longer than declared, or does not say what was. */
export function checkDeclaredLength(
  secret: Buffer,
  blob: string,
  { bytes, metadata }: { bytes: number; metadata: Record<string, string> },
  field?: string,
): void {
  const where = field === undefined ? {} : { field };
  const [, text = '', signed = ''] = /^(\d{1,15})\.([\w-]+)$/.exec(metadata[name] ?? '') ?? [];
  const declared = Number(text);
  if (text === '' || !isSame(signed, signature(secret, blob, declared)))
    throw problem(
      'upload-not-declared',
      'Upload it again with all the headers that were returned with its link.',
      where,
    );
  if (bytes > declared) {
    const detail = `It has ${bytes} bytes; ${declared} were declared for its link.`;
    throw problem('upload-not-declared', detail, { ...where, limit: declared });
  }
}

function signature(secret: Buffer, blob: string, bytes: number): string {
  return createHmac('sha256', secret).update(`tessera declared length\n${blob}\n${bytes}`).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
