/** The steps of a job or a task with all their parameters; those that were changed stand out. */
import { titleOf } from '../api/catalog.ts';
import { isDefault } from '../compose/state.ts';
import { nameInWords } from '../ui/words.ts';
import { type StepLike, valueInWords } from './differences.ts';

export function Parameters({ steps, open = false }: { steps: readonly StepLike[]; open?: boolean }) {
  return (
    <details class="parameters" open={open}>
      <summary>Parameters</summary>
      {steps.map(({ operation, params }, index) => (
        <section key={index}>
          <strong>{titleOf(operation)}</strong>
          <dl>
            {Object.entries(params).map(([name, value]) => (
              <div key={name} class={isDefault(operation, name, value) ? '' : 'changed'}>
                <dt>{nameInWords(name)}</dt>
                <dd>{valueInWords(value)}</dd>
              </div>
            ))}
          </dl>
          {Object.keys(params).length === 0 && <p class="hint">Nothing to set.</p>}
        </section>
      ))}
    </details>
  );
}
