"""Speed, memory and quality, as ratios against peers measured in the same run."""
