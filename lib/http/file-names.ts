/** The names under which images are saved. The page has them too. */

interface Named {
  name: string | null;
}

interface Done {
  input: Named;
  steps: readonly { operation: string }[];
  result: { contentType: string } | null;
}

/** That of the input, with the last operation and the type's ending. */
export function resultFileName({ input, steps, result }: Done): string {
  const base = (input.name ?? 'image').replace(/\.[^.]*$/, '') || 'image';
  return `${base}-${steps.at(-1)?.operation}.${result?.contentType.replace(/^image\//, '').replace('jpeg', 'jpg')}`;
}

export function inputFileName({ name }: Named): string {
  return name ?? 'image';
}
