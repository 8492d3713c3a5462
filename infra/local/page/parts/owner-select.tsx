import type { Owners } from '../client/directory.ts';
import type { Actor } from '../client/types.ts';

/** An owner as the API takes it: `team:21`, `user:11`, and an empty text for nobody. */
export function ownerValue(actor: Actor | null): string {
  return actor === null ? '' : `${actor.type}:${actor.id}`;
}

export function ownerName(actor: Actor | null): string {
  if (actor === null) {
    return 'nobody';
  }
  return actor.type === 'team' ? `#${actor.name}` : actor.name;
}

type OwnerSelectProps = {
  readonly label: string;
  readonly owner: Actor | null;
  readonly owners: Owners | undefined;
  readonly onChoose: (assignedTo: string | null) => void;
};

/** Chooses who owns an issue. An owner who is nobody's member any more stays to be seen. */
export function OwnerSelect({ label, owner, owners, onChoose }: OwnerSelectProps) {
  const value = ownerValue(owner);
  const teams = (owners?.teams ?? []).map(({ id, slug }) => ({
    id: `team:${id}`,
    name: `#${slug}`,
  }));
  const people = (owners?.members ?? []).flatMap(({ user }) =>
    user === null ? [] : [{ id: `user:${user.id}`, name: user.name }],
  );
  const isKnown = value === '' || [...teams, ...people].some(({ id }) => id === value);
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChoose(currentTarget.value || null)}
    >
      <option value="">nobody</option>
      {isKnown ? null : <option value={value}>{ownerName(owner)}</option>}
      <OwnerGroup label="Teams" owners={teams} />
      <OwnerGroup label="People" owners={people} />
    </select>
  );
}

function OwnerGroup({
  label,
  owners,
}: {
  readonly label: string;
  readonly owners: readonly { readonly id: string; readonly name: string }[];
}) {
  return owners.length === 0 ? null : (
    <optgroup label={label}>
      {owners.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
