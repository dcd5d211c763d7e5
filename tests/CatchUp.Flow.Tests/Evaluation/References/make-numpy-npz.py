"""Makes numpy.npz: statistics of 64 features as FID programs save them. Run with NumPy: python3 make-numpy-npz.py"""
import numpy as np

mu = np.arange(64, dtype=np.float64) / 8
sigma = np.diag(np.arange(1, 65, dtype=np.float64)) + 0.5
np.savez_compressed("numpy.npz", mu=mu, sigma=sigma)
