/** The versions of a result beside each other: what was changed, and what came of it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Task } from '../../clients/typescript/src/index.ts';
import { taskHref } from '../router.ts';
import { chainInWords, differences } from './differences.ts';
import { fewFigures, figuresOf } from './figures.ts';
import { StateBadge } from './state-badge.tsx';
import { versionsOf } from './versions.ts';

export function VersionList({ task }: { task: Task }) {
  const versions = useSignal<readonly Task[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    versionsOf(task, stop.signal).then(
      (found) => {
        if (!stop.signal.aborted) versions.value = found;
      },
      // The result is shown without them; the banner tells where the service is away.
      () => undefined,
    );
    return () => stop.abort();
  }, [task.id, task.state]);
  const list = versions.value;
  if (list.length < 2) return null;
  return (
    <section class="panel versions" aria-label="Versions">
      <h2>Versions</h2>
      <ol>
        {list.map((version, index) => (
          <Version
            key={version.id}
            version={version}
            before={list[index - 1]}
            own={version.id === task.id}
            number={index + 1}
          />
        ))}
      </ol>
    </section>
  );
}

interface VersionProps {
  version: Task;
  before: Task | undefined;
  /** Whether it is the one that is shown. */
  own: boolean;
  number: number;
}

function Version({ version, before, own, number }: VersionProps) {
  const picture = version.urls?.thumbnail;
  const changes = before ? differences(before, version) : [chainInWords(version.steps)];
  const figures = figuresOf(version.measurements ?? []).slice(0, fewFigures);
  return (
    <li>
      <a href={taskHref(version)} aria-current={own ? 'true' : undefined}>
        <span class="card-picture">{picture && <img src={picture} alt="" loading="lazy" decoding="async" />}</span>
        <span class="version-facts">
          <span class="row between">
            <strong>Version {number}</strong>
            <StateBadge state={version.state} />
          </span>
          <span class="figures-line">{figures.map(({ text }) => text).join(', ')}</span>
          {changes.map((line) => (
            <span key={line} class="hint">
              {line}
            </span>
          ))}
          {changes.length === 0 && <span class="hint">nothing changed</span>}
        </span>
      </a>
    </li>
  );
}
