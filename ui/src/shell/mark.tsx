/** The mark: a writing tablet with a T that is also the head, a column and a row of a table. */
export function Mark({ size = 26, className }: { size?: number; className?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden className={className}>
      <rect x="1" y="1" width="24" height="24" rx="6.5" fill="var(--accent)" />
      <path d="M6.5 8.2h13M11 8.2v11M11 13.8h7.2" stroke="var(--on-accent)" strokeWidth="2" strokeLinecap="round" fill="none" />
    </svg>
  );
}
