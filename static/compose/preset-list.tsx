/** What one can begin with: one's own presets, then those of the service. */
import type { TargetedEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import { catalog } from '../api/catalog.ts';
import { key } from '../api/client.ts';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { deletePreset, importPreset, loadOwnPresets, ownPresets, storePreset } from './own-presets.ts';
import { takePreset, takeSteps } from './state.ts';

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
          <h3>Your presets</h3>
          <ul>
            {own.map((preset) => (
              <li key={preset.name} class="own-preset">
                <button type="button" onClick={() => takePreset(preset)}>
                  {preset.title}
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Delete ${preset.title}`}
                  onClick={() =>
                    tell(async () => {
                      await deletePreset(preset.name);
                      const undo = () => void tell(async () => void (await storePreset(preset)));
                      say(`${preset.title} is deleted.`, { text: 'Undo', run: undo });
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
      <h3>Or start with a preset</h3>
      <ul class="offered">
        {catalog.value?.presets.map((preset) => (
          <li key={preset.name} class="preset">
            <button type="button" aria-describedby={`preset-${preset.name}`} onClick={() => takePreset(preset)}>
              {preset.title}
            </button>
            <span id={`preset-${preset.name}`} class="hint">
              {preset.summary}
            </span>
          </li>
        ))}
      </ul>
      <Import />
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
    <label class="button quiet">
      <Icon name="folder" /> Import a preset
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
