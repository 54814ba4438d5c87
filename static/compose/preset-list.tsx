/** What one can begin with: one's own presets, then those of the service. */
import type { TargetedEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import { catalog } from '../api/catalog.ts';
import { key } from '../api/client.ts';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { deletePreset, importPreset, loadOwnPresets, ownPresets } from './own-presets.ts';
import { takeSteps } from './state.ts';

export function PresetList() {
  useEffect(() => {
    // Without them, those of the service are there; the banner tells where it is away.
    loadOwnPresets().catch(() => undefined);
  }, [key.value]);
  const own = ownPresets.value;
  return (
    <div class="presets">
      {own.length > 0 && (
        <>
          <p class="hint">Your presets</p>
          <ul>
            {own.map((preset) => (
              <li key={preset.name} class="own-preset">
                <button type="button" onClick={() => takeSteps(preset)}>
                  {preset.title}
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Delete ${preset.title}`}
                  onClick={() =>
                    tell(async () => {
                      await deletePreset(preset.name);
                      say(`${preset.title} is deleted.`);
                    })
                  }
                >
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="hint">Start with a preset, or add steps.</p>
      <ul>
        {catalog.value?.presets.map((preset) => (
          <li key={preset.name}>
            <button type="button" title={preset.summary} onClick={() => takeSteps(preset)}>
              {preset.title}
            </button>
          </li>
        ))}
        <li>
          <Import />
        </li>
      </ul>
    </div>
  );
}

function Import() {
  const read = ({ currentTarget }: TargetedEvent<HTMLInputElement>) => {
    const [file] = currentTarget.files ?? [];
    currentTarget.value = '';
    if (!file) return;
    void tell(async () => {
      const { title, ...work } = await importPreset(file);
      takeSteps(work);
      say(`${title} is among your presets.`);
    });
  };
  return (
    <label class="button">
      <Icon name="folder" /> Import
      <input
        class="visually-hidden"
        type="file"
        accept=".json,application/json"
        onChange={read}
        aria-label="Import a preset"
      />
    </label>
  );
}
