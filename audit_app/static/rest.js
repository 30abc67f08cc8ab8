const REST = 1000;
const WITHOUT_REST = 5000;

// How long to wait until what is typed is sent: until somebody rests, but not for as long as they type on. `since` is
// when they began, of what was not sent yet.
export function untilSent(since) {
  return Math.max(0, Math.min(REST, since + WITHOUT_REST - Date.now()));
}
