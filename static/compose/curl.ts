/** The request as a command line for a POSIX shell. */
export function curlFor(
  api: string,
  image: string,
  reference: string | null,
  { steps, output }: { steps: object[]; output: object },
  withKey: boolean,
): string {
  const form = [
    `-F ${quoted(`image=@${image}`)}`,
    ...(reference === null ? [] : [`-F ${quoted(`reference=@${reference}`)}`]),
    `-F ${quoted(`steps=${JSON.stringify(steps)}`)}`,
    ...(Object.keys(output).length === 0 ? [] : [`-F ${quoted(`output=${JSON.stringify(output)}`)}`]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell.
    ...(withKey ? ['-H "x-functions-key: ${TESSERA_KEY}"'] : []),
  ];
  return `curl ${[...form, `${api}/api/tasks`].join(' \\\n  ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
