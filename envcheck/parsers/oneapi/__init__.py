"""What Intel's tools and those of SYCL and OpenCL print."""
