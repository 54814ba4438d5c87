/** How lossy formats are written where the output says nothing of it. The page has it too. */
export const usualQuality = { jpeg: 90, webp: 90, avif: 60 } as const;

/** Of the formats that can have either. */
export const usualChromaSubsampling = { jpeg: '4:2:0', avif: '4:4:4' } as const;
