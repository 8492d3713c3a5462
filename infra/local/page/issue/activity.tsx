import type { Activity } from '../client/types.ts';
import { Time } from '../parts/time.tsx';
import { activityText } from './activity-text.ts';

/** What happened to an issue, newest first. */
export function ActivityList({ activity }: { readonly activity: readonly Activity[] }) {
  return (
    <ol class="activity">
      {activity.map((one) => (
        <li key={one.id}>
          <Time at={one.dateCreated} /> {activityText(one)}
        </li>
      ))}
    </ol>
  );
}
