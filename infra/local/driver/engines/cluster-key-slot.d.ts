declare module 'cluster-key-slot' {
  function calculateSlot(key: string | Uint8Array): number;
  export = calculateSlot;
}
