/** Stands where content is about to be, in about its size, so that nothing moves when it comes. */
export function Skeleton({ list, item, count }: { list: string; item: string; count: number }) {
  return (
    <>
      <p class="visually-hidden" role="status">
        Loading…
      </p>
      <div class={list} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          <div key={index} class={`skeleton skeleton-${item}`} />
        ))}
      </div>
    </>
  );
}
