/** So many files are named, others are taken by their extensions. */
const maxNamed = 20;

/** The request as a command line for a POSIX shell; of several images, a loop over them. */
export function curlFor(
  api: string,
  images: readonly [string, ...string[]],
  reference: string | null,
  { steps, output }: { steps: object[]; output: object },
  withKey: boolean,
): string {
  const form = [
    images.length > 1 ? '-F "image=@$image"' : `-F ${quoted(`image=@${images[0]}`)}`,
    ...(reference === null ? [] : [`-F ${quoted(`reference=@${reference}`)}`]),
    `-F ${quoted(`steps=${JSON.stringify(steps)}`)}`,
    ...(Object.keys(output).length === 0 ? [] : [`-F ${quoted(`output=${JSON.stringify(output)}`)}`]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell.
    ...(withKey ? ['-H "x-functions-key: ${TESSERA_KEY}"'] : []),
  ];
  const command = `curl ${[...form, `${api}/api/tasks`].join(' \\\n  ')}`;
  return images.length > 1 ? `for image in ${listed(images)}; do\n${command}\ndone` : command;
}

function listed(images: readonly string[]): string {
  if (images.length <= maxNamed) return images.map(quoted).join(' ');
  const extensions = new Set(images.map((image) => /\.\w+$/.exec(image)?.[0] ?? ''));
  return [...extensions].map((extension) => `*${extension}`).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
