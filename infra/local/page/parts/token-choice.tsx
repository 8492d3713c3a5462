import { useState } from 'preact/hooks';
import type { Session } from '../client/session.ts';

type TokenChoiceProps = {
  readonly tokens: Session['tokens'];
  readonly token: string;
  readonly onChoose: (token: string) => void;
};

/** No token is so. */
const OTHER = ' ';

/** Chooses a token of the stack's world, or takes another one: that of a world seeded later. */
export function TokenChoice({ tokens, token, onChoose }: TokenChoiceProps) {
  const [isOther, setIsOther] = useState(tokens.length === 0);
  return (
    <>
      <label>
        Token{' '}
        <select
          value={isOther ? OTHER : token}
          onChange={({ currentTarget: { value } }) => {
            setIsOther(value === OTHER);
            if (value !== OTHER) {
              onChoose(value);
            }
          }}
        >
          {tokens.map((one) => (
            <option key={one.token} value={one.token}>
              {one.holder === null ? one.token : `${one.holder} (${one.token})`}
            </option>
          ))}
          <option value={OTHER}>another one</option>
        </select>
      </label>
      {isOther ? (
        <label>
          Another token{' '}
          <input
            type="text"
            autoComplete="off"
            spellcheck={false}
            onChange={({ currentTarget }) => onChoose(currentTarget.value.trim())}
          />
        </label>
      ) : null}
    </>
  );
}
